/**
 * Filters that count a server's requests into an {@link io.rollcall.registrar.InFlight}. Each needs what its name says, and nothing else here needs
 * it.
 */
@NullMarked
package io.rollcall.registrar.http;

import org.jspecify.annotations.NullMarked;
