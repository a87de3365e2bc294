/**
 * Reads corpora. {@link io.softq4j.data.read.CorpusFiles} finds their files, {@link io.softq4j.data.read.RowSources} opens one as rows,
 * whatever its {@link io.softq4j.data.read.Format} and compression, and for each format there is a DataVec record reader, see
 * {@link io.softq4j.data.read.RowRecordReader}. What is wrong with a row is a {@link io.softq4j.data.row.RowError}, behind which reading
 * goes on; what is wrong with the file is a {@link io.softq4j.common.UserError}.
 */
package io.softq4j.data.read;
