/** A standalone ZooKeeper inside the agent, for one-host sites and the demo. */
@NullMarked
package io.rollcall.agent.embedded;

import org.jspecify.annotations.NullMarked;
