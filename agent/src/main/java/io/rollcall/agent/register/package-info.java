/** {@code rollcall register}: keeps a process in the registry that knows nothing of it, from the moment it is ready until its end. */
@NullMarked
package io.rollcall.agent.register;

import org.jspecify.annotations.NullMarked;
