/**
 * Checks an httpd against what Rollcall needs of it. {@link io.rollcall.agent.doctor.Doctor} asks httpd itself (its dumps, not
 * our own reading of its files), and each {@code *Checks} class turns the facts into findings.
 */
@NullMarked
package io.rollcall.agent.doctor;

import org.jspecify.annotations.NullMarked;
