/** One thread that does one thing after the other: what is confined to it needs no lock. */
@NullMarked
package io.rollcall.agent.loop;

import org.jspecify.annotations.NullMarked;
