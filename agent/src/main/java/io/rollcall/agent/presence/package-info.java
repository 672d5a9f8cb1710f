/** The agent's own place in the registry, by which whoever drains a backend knows whom to wait for. */
@NullMarked
package io.rollcall.agent.presence;

import org.jspecify.annotations.NullMarked;
