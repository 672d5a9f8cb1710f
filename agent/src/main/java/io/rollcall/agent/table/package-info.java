/** An immutable map whose next version costs what changed, not what is in it. */
@NullMarked
package io.rollcall.agent.table;

import org.jspecify.annotations.NullMarked;
