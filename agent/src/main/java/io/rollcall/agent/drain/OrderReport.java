package io.rollcall.agent.drain;

import io.rollcall.agent.view.Instruction;
import io.rollcall.registry.Ack;

/**
 * One order and how far this agent is with it.
 *
 * @param ack as the agent writes it into the registry
 */
public record OrderReport(Instruction instruction, Ack ack) {}
