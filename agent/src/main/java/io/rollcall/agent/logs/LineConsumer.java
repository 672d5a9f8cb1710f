package io.rollcall.agent.logs;

/** Takes the lines of a log, one after the other. */
@FunctionalInterface
interface LineConsumer {
    /**
     * One line without its line end. The bytes are the reader's own and change after the call.
     *
     * @param to one past the last byte
     */
    void line(byte[] bytes, int from, int to);
}
