/** The file format {@code sdbm} as httpd reads it: what a hashed map looks like on disk. Loads nothing but the JDK. */
@NullMarked
package io.rollcall.agent.sdbm;

import org.jspecify.annotations.NullMarked;
