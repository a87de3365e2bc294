/**
 * This package is an interpreter of the part of Jinja2 in which chat templates are written, with the values and the text of Python. It is
 * closed by construction: templates can call only what {@link io.softq4j.chat.jinja.StringMethods}, {@link io.softq4j.chat.jinja.Filters},
 * {@link io.softq4j.chat.jinja.Tests} and {@link io.softq4j.chat.jinja.Globals} list, and every step and every character made is counted.
 *
 * <p>A value is a {@link java.lang.String}, {@link java.lang.Boolean}, {@link java.lang.Long}, {@link java.lang.Double},
 * {@link java.util.List}, {@link java.util.Map} with string or number keys, {@link io.softq4j.chat.jinja.None}, or one of the
 * package's own kinds; never Java's null.
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/">Jinja, template designer documentation</a>
 */
package io.softq4j.chat.jinja;
