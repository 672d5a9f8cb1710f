/** The agent's settings: one file of properties, read once. */
@NullMarked
package io.rollcall.agent.config;

import org.jspecify.annotations.NullMarked;
