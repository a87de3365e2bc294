package io.softq4j.chat.jinja;

import java.util.Map;

/** The one thing a template can change from an inner scope.
 *
 * @param values by name
 */
record Namespace(Map<String, Object> values) {
}
