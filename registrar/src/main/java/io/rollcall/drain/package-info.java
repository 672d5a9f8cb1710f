/**
 * Takes backends out without losing a request, and knows when one may be stopped: {@link io.rollcall.drain.Drains} is the way in,
 * for a monitor, for the {@code rollcall} command and for the registrar itself.
 *
 * <p>{@code Judge} decides, from what was read and nothing else, whether a backend is quiet; {@code Reading} reads it, {@code
 * Drain} waits.
 */
@NullMarked
package io.rollcall.drain;

import org.jspecify.annotations.NullMarked;
