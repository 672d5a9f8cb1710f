package io.rollcall.agent.register;

/** A process that is registered for as long as it lives. */
public interface Subject {
    /** For messages: {@code process 4711}. */
    String name();

    boolean isAlive();

    /** Waits for its end and returns what the wrapper shall exit with. */
    int awaitEnd() throws InterruptedException;
}
