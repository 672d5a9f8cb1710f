/** The agent's Unix socket: status, why and forget. */
@NullMarked
package io.rollcall.agent.admin;

import org.jspecify.annotations.NullMarked;
