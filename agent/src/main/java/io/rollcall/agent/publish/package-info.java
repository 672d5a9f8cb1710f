/** Maps out: what httpd and the resolver read, replaced atomically. */
@NullMarked
package io.rollcall.agent.publish;

import org.jspecify.annotations.NullMarked;
