package io.rollcall.agent.view;

import io.rollcall.agent.health.Candidate;
import io.rollcall.agent.health.Condition;
import io.rollcall.agent.health.Verdict;

/** A backend whose health is followed, how it was, and what the guard said of it then. */
public record Patient(Candidate candidate, Condition condition, Verdict verdict) {}
