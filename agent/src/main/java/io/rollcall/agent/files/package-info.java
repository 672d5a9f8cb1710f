/** Files that more than one part of the agent keeps in the same way. */
@NullMarked
package io.rollcall.agent.files;

import org.jspecify.annotations.NullMarked;
