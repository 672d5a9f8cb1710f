package io.rollcall.agent.traffic;

import java.util.Optional;

/**
 * How many backends have a declared worker, and how many requests that is.
 *
 * @param written backends that {@code workers.conf} declares
 * @param read how many of them httpd knows of; empty if that is not known
 * @param declared part of the tries lately that went to one that httpd knew of
 * @param generic part that went to another
 * @param none whether there were no tries lately
 */
public record DeclaredReport(int written, Optional<Integer> read, double declared, double generic, boolean none) {}
