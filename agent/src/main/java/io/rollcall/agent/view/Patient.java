package io.rollcall.agent.view;

import io.rollcall.agent.health.Candidate;
import io.rollcall.agent.health.Verdict;

/** A backend whose health is followed, and what the guard said of it. */
public record Patient(Candidate candidate, Verdict verdict) {}
