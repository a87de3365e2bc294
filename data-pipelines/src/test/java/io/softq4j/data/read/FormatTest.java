package io.softq4j.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.common.UserError;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {

    @ParameterizedTest
    @CsvSource({"a.jsonl,JSONL", "a.ndjson,JSONL", "a.json,JSON", "a.csv,CSV", "a.tsv,TSV", "a.tab,TSV", "a.parquet,PARQUET", "a.txt,TEXT", "a.text,TEXT",
        "a.md,TEXT", "a.log,TEXT", "A.JSONL,JSONL", "a.jsonl.gz,JSONL", "a.csv.zst,CSV", "a.b.json.zstd,JSON", "d.csv/a.txt.GZ,TEXT"})
    void theExtensionTellsTheFormat(String path, Format format) {
        assertEquals(format, Format.of(Path.of(path)));
    }

    @ParameterizedTest
    @CsvSource({"a", "a.xlsx", "jsonl", "a.gz", "a.jsonl.bz2", "csv.d/a"})
    void anotherExtensionIsRefusedWithThoseKnown(String path) {
        assertEquals("cannot tell the format of " + path + " by its name; known are .jsonl, .ndjson, .json, .csv, .tsv, .tab, .parquet, .txt, .text, .md, "
                + ".log, each also with .gz or .zst behind it. Rename the file, or set data.format to one of jsonl, json, csv, tsv, parquet, text",
                assertThrows(UserError.class, () -> Format.of(Path.of(path))).getMessage());
    }

    @Test
    void aFileHasAFormatThatIsSettled() {
        assertEquals("the format of a.jsonl is not settled; Format.of tells it by the extension",
                assertThrows(UserError.class, () -> new CorpusFile(Path.of("a.jsonl"), "a.jsonl", Format.AUTO)).getMessage());
    }
}
