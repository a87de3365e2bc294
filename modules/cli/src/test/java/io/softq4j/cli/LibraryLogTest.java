package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LibraryLogTest {

    /** Of an empty block it warns with the name of a Java object; what is wrong with a file is an exception, which we report. */
    @Test
    void parquetsOwnLinesDoNotAppear() {
        assertFalse(LoggerFactory.getLogger("org.apache.parquet.hadoop.ParquetFileReader").isErrorEnabled());
    }
}
