/** The agent's one session with ZooKeeper, shared by all that read or write there. */
@NullMarked
package io.rollcall.agent.session;

import org.jspecify.annotations.NullMarked;
