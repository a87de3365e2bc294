/** What {@code softq doctor} finds out about a machine: whether softq4j runs on it, on what, and how fast. */
package io.softq4j.cli.doctor;
