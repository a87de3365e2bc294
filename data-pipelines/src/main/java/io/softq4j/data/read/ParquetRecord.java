package io.softq4j.data.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.FloatValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Puts a row of Parquet together as JSON: a struct is an object, a list an array, a map an object with its keys as text, what is optional
 * and absent is null (parquet-format, LogicalTypes.md, with its rules for lists of older writers).
 *
 * <p>What is wrong with a value is noted and not thrown: the reader that calls could not go on with the next row.
 */
final class ParquetRecord extends RecordMaterializer<ObjectNode> {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final StructConverter root;
    private ObjectNode record;
    private long bytes;
    private DropReason wrong;
    private String what;

    ParquetRecord(MessageType schema) {
        root = new StructConverter(schema, node -> record = (ObjectNode) node);
    }

    /** Forgets what was wrong with the last row. */
    void begin() {
        record = null;
        bytes = 0;
        wrong = null;
        what = null;
    }

    /** What is wrong with the row; null if nothing is. */
    DropReason wrong() {
        return wrong;
    }

    /** The same, for people. */
    String what() {
        return what;
    }

    @Override
    public ObjectNode getCurrentRecord() {
        return record;
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }

    private void note(DropReason reason, String text) {
        if (wrong == null) {
            wrong = reason;
            what = text;
        }
    }

    /** Whether a row may still have {@code n} bytes more. */
    private boolean fits(int n) {
        bytes += n;
        if (bytes > RowSource.LONGEST_ROW) {
            note(DropReason.ROW_TOO_LONG, "the row is longer than " + (RowSource.LONGEST_ROW >> 20) + " MiB");
        }
        return bytes <= RowSource.LONGEST_ROW;
    }

    private Converter converter(Type type, Consumer<JsonNode> sink) {
        if (type.isPrimitive()) {
            return new ValueConverter(type.asPrimitiveType(), sink);
        }
        GroupType group = type.asGroupType();
        LogicalTypeAnnotation annotation = group.getLogicalTypeAnnotation();
        if (annotation instanceof ListLogicalTypeAnnotation && repeats(group)) {
            return new ListConverter(group, sink);
        }
        boolean map = annotation instanceof MapLogicalTypeAnnotation || annotation instanceof MapKeyValueTypeAnnotation;
        if (map && repeats(group) && !group.getType(0).isPrimitive() && group.getType(0).asGroupType().getFieldCount() == 2) {
            return new MapConverter(group.getType(0).asGroupType(), sink);
        }
        return new StructConverter(group, sink);
    }

    private static boolean repeats(GroupType group) {
        return group.getFieldCount() == 1 && group.getType(0).isRepetition(Type.Repetition.REPEATED);
    }

    /** Of the repeated field of a list: whether it is the element, or holds the element as its one field. */
    private static boolean isElement(GroupType list, Type repeated) {
        if (repeated.isPrimitive() || repeated.asGroupType().getFieldCount() != 1) {
            return true;
        }
        return repeated.asGroupType().getType(0).isRepetition(Type.Repetition.REPEATED)
                || repeated.getName().equals("array") || repeated.getName().equals(list.getName() + "_tuple");
    }

    private final class StructConverter extends GroupConverter {
        private final List<Type> fields;
        private final Converter[] converters;
        private final Consumer<JsonNode> sink;
        private ObjectNode object;

        StructConverter(GroupType type, Consumer<JsonNode> sink) {
            this.fields = type.getFields();
            this.sink = sink;
            converters = new Converter[fields.size()];
            for (int i = 0; i < converters.length; i++) {
                String name = fields.get(i).getName();
                converters[i] = converter(fields.get(i), fields.get(i).isRepetition(Type.Repetition.REPEATED)
                        ? value -> object.withArray(name).add(value) : value -> object.set(name, value));
            }
        }

        @Override
        public Converter getConverter(int field) {
            return converters[field];
        }

        @Override
        public void start() {
            object = JSON.objectNode();
            // every column is there, in the order of the schema, also where the row has none
            for (Type field : fields) {
                object.set(field.getName(), field.isRepetition(Type.Repetition.REPEATED) ? JSON.arrayNode() : NullNode.instance);
            }
        }

        @Override
        public void end() {
            sink.accept(object);
        }
    }

    private final class ListConverter extends GroupConverter {
        private final Converter repeated;
        private final Consumer<JsonNode> sink;
        private ArrayNode array;

        ListConverter(GroupType type, Consumer<JsonNode> sink) {
            this.sink = sink;
            Type field = type.getType(0);
            repeated = isElement(type, field) ? converter(field, this::add) : new HolderConverter(field.asGroupType().getType(0), this::add);
        }

        private void add(JsonNode element) {
            // so that a list of very many nulls is bounded too
            if (fits(1)) {
                array.add(element);
            }
        }

        @Override
        public Converter getConverter(int field) {
            return repeated;
        }

        @Override
        public void start() {
            array = JSON.arrayNode();
        }

        @Override
        public void end() {
            sink.accept(array);
        }
    }

    /** A group around one value that may be null. */
    private final class HolderConverter extends GroupConverter {
        private final Converter held;
        private final Consumer<JsonNode> sink;
        private JsonNode value;

        HolderConverter(Type type, Consumer<JsonNode> sink) {
            this.held = converter(type, node -> value = node);
            this.sink = sink;
        }

        @Override
        public Converter getConverter(int field) {
            return held;
        }

        @Override
        public void start() {
            value = NullNode.instance;
        }

        @Override
        public void end() {
            sink.accept(value);
        }
    }

    private final class MapConverter extends GroupConverter {
        private final GroupConverter entries;
        private final Consumer<JsonNode> sink;
        private ObjectNode object;

        MapConverter(GroupType entry, Consumer<JsonNode> sink) {
            this.sink = sink;
            entries = new StructConverter(entry, node -> {
                if (fits(1)) {
                    object.set(node.get(entry.getFieldName(0)).asText(), node.get(entry.getFieldName(1)));
                }
            });
        }

        @Override
        public Converter getConverter(int field) {
            return entries;
        }

        @Override
        public void start() {
            object = JSON.objectNode();
        }

        @Override
        public void end() {
            sink.accept(object);
        }
    }

    private final class ValueConverter extends PrimitiveConverter {
        private final PrimitiveType type;
        private final LogicalTypeAnnotation annotation;
        private final Consumer<JsonNode> sink;

        ValueConverter(PrimitiveType type, Consumer<JsonNode> sink) {
            this.type = type;
            this.annotation = type.getLogicalTypeAnnotation();
            this.sink = sink;
        }

        @Override
        public void addBinary(Binary value) {
            if (!fits(value.length())) {
                return;
            }
            sink.accept(ParquetValues.isText(annotation) ? text(value.getBytesUnsafe())
                    : ParquetValues.of(value, annotation, type.getPrimitiveTypeName()));
        }

        private JsonNode text(byte[] utf8) {
            int invalid = Utf8.firstInvalid(utf8, 0, utf8.length);
            if (invalid >= 0) {
                note(DropReason.INVALID_UTF8, String.format(Locale.ROOT,
                        "column \"%s\": byte 0x%02X at offset %d of the value is not UTF-8; "
                        + "whatever wrote the file put bytes of another encoding into a column of text", type.getName(), utf8[invalid], invalid));
                return NullNode.instance;
            }
            return TextNode.valueOf(new String(utf8, StandardCharsets.UTF_8));
        }

        @Override
        public void addBoolean(boolean value) {
            sink.accept(BooleanNode.valueOf(value));
        }

        @Override
        public void addDouble(double value) {
            sink.accept(FloatValue.of(value));
        }

        @Override
        public void addFloat(float value) {
            sink.accept(FloatValue.of(value));
        }

        @Override
        public void addInt(int value) {
            sink.accept(ParquetValues.of(value, annotation));
        }

        @Override
        public void addLong(long value) {
            sink.accept(ParquetValues.of(value, annotation));
        }
    }
}
