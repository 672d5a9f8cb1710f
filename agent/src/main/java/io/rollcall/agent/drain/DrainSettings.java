package io.rollcall.agent.drain;

import io.rollcall.agent.config.HttpdUser;
import java.time.Duration;

/**
 * What tells whether a backend is quiet.
 *
 * @param requests starts and ends of requests, where they are logged
 * @param httpdUser whose connections count
 * @param grace how long there has to be none, after the backend was taken out
 */
public record DrainSettings(RequestEvidence requests, HttpdUser httpdUser, Duration grace) {}
