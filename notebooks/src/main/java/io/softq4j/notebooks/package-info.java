/**
 * The Jupyter kernel in which the notebooks are executed: JJava's protocol and display, with cells evaluated by the JDK's own JShell.
 */
package io.softq4j.notebooks;
