/** The registry's wire format: where znodes live and what their JSON says. Shared by those who write and those who read. */
@NullMarked
package io.rollcall.registry;

import org.jspecify.annotations.NullMarked;
