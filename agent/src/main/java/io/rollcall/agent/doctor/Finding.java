package io.rollcall.agent.doctor;

/**
 * One thing that was checked.
 *
 * @param check a word to search for in the documentation
 * @param what what is the case, with the value
 * @param why why it matters; empty if all is well
 * @param advice what to do; empty if all is well
 */
public record Finding(Level level, String check, String what, String why, String advice) {
    /** How bad it is. Only {@link #FAIL} makes the command fail. */
    public enum Level {
        OK,
        WARN,
        FAIL
    }

    static Finding ok(String check, String what) {
        return new Finding(Level.OK, check, what, "", "");
    }

    static Finding warn(String check, String what, String why, String advice) {
        return new Finding(Level.WARN, check, what, why, advice);
    }

    static Finding fail(String check, String what, String why, String advice) {
        return new Finding(Level.FAIL, check, what, why, advice);
    }
}
