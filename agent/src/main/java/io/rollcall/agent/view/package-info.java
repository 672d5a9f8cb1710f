/** Pure: which backends each name has and which of them may be routed to. */
@NullMarked
package io.rollcall.agent.view;

import org.jspecify.annotations.NullMarked;
