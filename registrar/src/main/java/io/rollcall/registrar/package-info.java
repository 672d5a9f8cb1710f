/** What a backend embeds to answer the roll call: {@link io.rollcall.registrar.Registrar} is the way in. */
@NullMarked
package io.rollcall.registrar;

import org.jspecify.annotations.NullMarked;
