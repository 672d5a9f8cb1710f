package io.rollcall.deploy.soak;

/** One long run or measurement. Traffic goes to 127.0.0.0/8 only, and it ends by itself. */
interface Run {
    /** As it is called on the command line. */
    String name();

    /** What it shows, in one line. */
    String about();

    /** Does it, and tells the report. An exception means that it could not be done, which is a failure too. */
    void run(Ground ground, Report report) throws Exception;
}
