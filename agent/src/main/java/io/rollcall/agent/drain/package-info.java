/** Orders carried out on this httpd host: what has to be true before the agent says so in its ack. */
@NullMarked
package io.rollcall.agent.drain;

import org.jspecify.annotations.NullMarked;
