/** Which backends are fit to be sent requests: judged by this host's own probes and by what happened to real requests. */
@NullMarked
package io.rollcall.agent.health;

import org.jspecify.annotations.NullMarked;
