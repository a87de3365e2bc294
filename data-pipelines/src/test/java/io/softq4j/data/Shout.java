package io.softq4j.data;

import java.util.Locale;
import org.datavec.api.transform.transform.string.BaseStringTransform;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;

/** A transform as a user writes it: the column {@code question} in capitals. */
@JsonIgnoreProperties({"inputSchema", "columnNumber", "columnName"})
public final class Shout extends BaseStringTransform {

    private static final long serialVersionUID = 1;

    public Shout() {
        super("question");
    }

    @Override
    public Text map(Writable writable) {
        if (writable.toString().contains("boom")) {
            throw new IllegalStateException("no booms");
        }
        return new Text(writable.toString().toUpperCase(Locale.ROOT));
    }

    @Override
    public Object map(Object input) {
        return input.toString().toUpperCase(Locale.ROOT);
    }
}
