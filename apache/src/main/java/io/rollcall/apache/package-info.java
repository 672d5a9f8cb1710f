/** What drives a real httpd: start one, give it backends and load, look at what comes back. Used by tests, demo and soak runs. */
@NullMarked
package io.rollcall.apache;

import org.jspecify.annotations.NullMarked;
