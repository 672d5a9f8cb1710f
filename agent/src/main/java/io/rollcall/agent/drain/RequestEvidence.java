package io.rollcall.agent.drain;

/** Where exact news of requests comes from: their starts and ends, as httpd logged them. */
public interface RequestEvidence {
    /** For a site that has not switched it on. */
    RequestEvidence OFF =
            (service, target) -> new Silent("request logs are not followed (httpd.logs in agent.properties)");

    /**
     * Begins to watch one backend of one service. To be called after the publication that took the backend out, for that call is
     * the moment after which no lookup can have got it: it reads the logs to their end, and who may still have the old answer is
     * seen there.
     *
     * @param serviceKey as httpd's lookup finds it: the name, or {@code =name} if it answers to no Host
     * @param target {@code address:port}, as the maps have it
     */
    Watch watch(String serviceKey, String target);

    /** One backend, until it is closed. Used by one thread. */
    interface Watch extends AutoCloseable {
        /** How it stands now; reads on in the logs. Does not wait. */
        Reading read();

        @Override
        void close();
    }

    /** What the logs tell. */
    sealed interface Reading {
        /** They do not tell all, or not yet: other evidence has to do. */
        record Incomplete(String why) implements Reading {}

        /**
         * Some requests are at the backend, or may still get there.
         *
         * @param detail which, for people
         */
        record Open(long requests, String detail) implements Reading {}

        /** None is open and none can still come. */
        record None() implements Reading {}
    }

    /** A watch that never knows anything. */
    record Silent(String why) implements Watch {
        @Override
        public Reading read() {
            return new Reading.Incomplete(why);
        }

        @Override
        public void close() {
            // there is nothing to close
        }
    }
}
