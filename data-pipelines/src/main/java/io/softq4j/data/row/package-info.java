/** A row of a corpus, the columns asked of it, and what may be wrong with it. */
package io.softq4j.data.row;
