package io.rollcall.agent.health;

import java.util.Map;

/**
 * Who of one service gets requests.
 *
 * @param verdicts by candidate
 * @param panic whether nobody is fit, though some were: those who may serve get requests nevertheless
 */
public record Ruling(Map<Candidate, Verdict> verdicts, boolean panic) {
    public Ruling {
        verdicts = Map.copyOf(verdicts);
    }
}
