/** ZooKeeper in: what the registry says, read and kept in step; facts without judgement. */
@NullMarked
package io.rollcall.agent.watch;

import org.jspecify.annotations.NullMarked;
