/** Rows to text: which columns a corpus has, and the one way they become a prompt, a response and what of them is scored. */
package io.softq4j.data.render;
