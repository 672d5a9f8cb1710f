/**
 * The resolver: the program that httpd starts for a {@code prg:} map. It answers from the published file alone and loads
 * nothing but the JDK, so that it starts at once and never waits for anybody.
 */
@NullMarked
package io.rollcall.agent.resolve;

import org.jspecify.annotations.NullMarked;
