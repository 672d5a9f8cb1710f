package io.rollcall.agent.health;

import java.util.Map;

/**
 * Who of one service gets requests.
 *
 * @param verdicts by candidate
 * @param panic whether backends that are not fit get requests because nobody is
 */
public record Ruling(Map<Candidate, Verdict> verdicts, boolean panic) {
    public Ruling {
        verdicts = Map.copyOf(verdicts);
    }
}
