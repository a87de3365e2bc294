package io.softq4j.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.data.row.Column;
import io.softq4j.data.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.datavec.api.writable.Writable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoundTripTest {

    private static final int TABLES = 15;

    @TempDir
    Path home;

    @ParameterizedTest
    @EnumSource
    void everyTableIsReadAsItWasWritten(Packed packed) throws IOException {
        Random random = new Random(packed.ordinal());
        for (int i = 0; i < TABLES; i++) {
            Tables table = Tables.random(random);
            assertReads(table, Format.JSONL, packed.of(table.jsonLines(random)));
            assertReads(table, Format.JSON, packed.of(table.json(random)));
            assertReads(table, Format.CSV, packed.of(table.separated(random, ',')));
            assertReads(table, Format.TSV, packed.of(table.separated(random, '\t')));
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionCodecName.class, names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
    void everyTableIsReadAsItWasWrittenInParquet(CompressionCodecName codec) throws IOException {
        Random random = new Random(codec.ordinal());
        for (int i = 0; i < TABLES; i++) {
            Tables table = Tables.random(random);
            assertReads(table, Format.PARQUET, table.parquet(home.resolve("scratch"), codec));
        }
    }

    private void assertReads(Tables table, Format format, byte[] bytes) throws IOException {
        CorpusFile file = new CorpusFile(Files.write(home.resolve("table"), bytes), "table", format);
        ReadOptions options = ReadOptions.of(table.names().stream().map(name -> new Column(name, Column.Kind.TEXT)).toList());
        List<List<String>> all = new ArrayList<>();
        try (RowSource rows = RowSources.open(file, options)) {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                assertEquals(table.names(), row.columns());
                Row of = row;
                all.add(table.names().stream().map(of::text).toList());
            }
            assertEquals(bytes.length, rows.bytesRead());
        }
        assertEquals(table.rows(), all);
        List<List<String>> records = new ArrayList<>();
        try (CorpusRecordReader reader = new CorpusRecordReader(options)) {
            reader.initialize(List.of(file));
            while (reader.hasNext()) {
                records.add(reader.next().stream().map(Writable::toString).toList());
            }
        }
        assertEquals(table.rows(), records);
    }
}
