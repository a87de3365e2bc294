package io.softq4j.data.read;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * A random table of text, written in every format.
 *
 * @param names of the columns
 * @param rows  as long as {@code names} each
 */
record Tables(List<String> names, List<List<String>> rows) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String[] PIECES = {"a", "Z", " ", "\"", "\"\"", "\\", ",", "\t", "\n", "\r\n", "\r", "\u0000", "é", "漢", "😀", "\u2028", "{", "}", "[", "]", ":",
        "\uFEFF", "null", "0", "word ", "#", "'"};

    static Tables random(Random random) {
        int columns = 1 + random.nextInt(4);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            names.add((char) ('a' + i) + text(random, 3));
        }
        List<List<String>> rows = new ArrayList<>();
        for (int n = random.nextInt(20); n > 0; n--) {
            List<String> row = new ArrayList<>();
            for (int i = 0; i < columns; i++) {
                // now and then longer than a buffer
                row.add(random.nextInt(100) == 0 ? text(random, 5).repeat(10_000) : text(random, 12));
            }
            rows.add(row);
        }
        return new Tables(names, rows);
    }

    private static String text(Random random, int longest) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(longest + 1); n > 0; n--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    byte[] jsonLines(Random random) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            text.append(object(row)).append(random.nextInt(5) == 0 ? "\r\n \n" : "\n");
        }
        return bytes(random, text);
    }

    byte[] json(Random random) {
        ArrayNode array = JSON.createArrayNode();
        rows.forEach(row -> array.add(object(row)));
        String pretty = array.toPrettyString();
        return bytes(random, switch (random.nextInt(3)) {
            case 0 -> array.toString();
            case 1 -> pretty;
            default -> "{\n\"version\": 1, \"list\": " + pretty + ",\n\"end\": {\"x\": []}}\n";
        });
    }

    byte[] separated(Random random, char separator) {
        String end = random.nextBoolean() ? "\n" : "\r\n";
        StringBuilder text = new StringBuilder();
        text.append(fields(random, names, separator)).append(end);
        for (List<String> row : rows) {
            text.append(fields(random, row, separator)).append(random.nextInt(5) == 0 ? end + end : end);
        }
        return bytes(random, text);
    }

    private static String fields(Random random, List<String> row, char separator) {
        return row.stream().map(field -> {
            boolean plain = !field.isEmpty() && field.chars().noneMatch(c -> c == separator || c == '"' || c == '\n' || c == '\r' || c == '\uFEFF');
            return plain && random.nextBoolean() ? field : '"' + field.replace("\"", "\"\"") + '"';
        }).collect(Collectors.joining(String.valueOf(separator)));
    }

    byte[] parquet(Path scratch, CompressionCodecName codec) throws IOException {
        Types.MessageTypeBuilder builder = Types.buildMessage();
        names.forEach(name -> builder.required(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType()).named(name));
        MessageType schema = builder.named("row");
        List<Group> groups = new ArrayList<>();
        for (List<String> row : rows) {
            Group group = new SimpleGroup(schema);
            for (int i = 0; i < names.size(); i++) {
                group.append(names.get(i), row.get(i));
            }
            groups.add(group);
        }
        Files.deleteIfExists(scratch);
        return Files.readAllBytes(ParquetFiles.write(scratch, schema, codec, groups));
    }

    private ObjectNode object(List<String> row) {
        ObjectNode object = JSON.createObjectNode();
        for (int i = 0; i < names.size(); i++) {
            object.put(names.get(i), row.get(i));
        }
        return object;
    }

    private static byte[] bytes(Random random, CharSequence text) {
        return ((random.nextInt(4) == 0 ? "\uFEFF" : "") + text).getBytes(StandardCharsets.UTF_8);
    }
}
