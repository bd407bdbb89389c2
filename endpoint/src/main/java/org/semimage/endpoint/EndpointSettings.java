// SPDX-License-Identifier: Apache-2.0
package org.semimage.endpoint;

import org.semimage.generate.SynthesisPolicy;

import javax.imageio.IIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where an endpoint is, and how patiently it is asked.
 *
 * @param base     what stands before the names of the protocol, such as {@code https://host/v1}
 * @param model    which of its models answers
 * @param key      what opens it; absent if the environment has none
 * @param connect  how long a connection may take to be made
 * @param whole    how long a call may take, repetitions and waits included
 * @param attempts how often a call is made before it fails, at least 1
 */
record EndpointSettings(URI base, String model, Optional<ApiKey> key, Duration connect, Duration whole, int attempts) {

    private static final int DEFAULT_SECONDS = 120;
    private static final int DEFAULT_CONNECT_SECONDS = 10;
    private static final int DEFAULT_ATTEMPTS = 3;
    private static final int MAX_SECONDS = 3600;
    private static final int MAX_ATTEMPTS = 10;

    /** Where settings come from; tests have others than a process. */
    record Source(UnaryOperator<String> properties, UnaryOperator<String> environment) {

        /** System properties, and the environment of this process. */
        static final Source PROCESS = new Source(System::getProperty, System::getenv);

        /** What a property says, if it says anything. */
        Optional<String> property(String name) {
            return Optional.ofNullable(properties.apply(name)).map(String::strip).filter(text -> !text.isEmpty());
        }

        /** Whether an address is configured, and {@link SynthesisPolicy#PROPERTY} does not deny. */
        boolean isSetUp(String prefix) {
            return property(prefix + "url").isPresent() && SynthesisPolicy.current() != SynthesisPolicy.DENY;
        }

        /** What messages call the endpoint's model. */
        String nameOfModel(String prefix) {
            return "endpoint's model '" + property(prefix + "model").orElse("") + "'";
        }

        /**
         * The whole number that a property says.
         *
         * @throws IIOException if it says something else, or a number out of range
         */
        int number(String name, int fallback, int least, int most) throws IIOException {
            Optional<String> text = property(name);
            if (text.isEmpty()) {
                return fallback;
            }
            if (!text.get().matches("[0-9]{1,9}") || Integer.parseInt(text.get()) < least || Integer.parseInt(text.get()) > most) {
                throw new IIOException("property " + name + " is '" + text.get() + "', no number in " + least + ".." + most);
            }
            return Integer.parseInt(text.get());
        }
    }

    /**
     * What properties and environment say.
     *
     * @param prefix   of the properties, with a dot at its end
     * @param variable the environment variable with the key, unless the property {@code key} names another
     * @throws IIOException if a property makes no sense, or the variable that one names is not there
     */
    static EndpointSettings of(Source source, String prefix, String variable) throws IIOException {
        URI base = base(source, prefix + "url");
        String model = source.property(prefix + "model")
                .orElseThrow(() -> new IIOException("property " + prefix + "model, the name of the endpoint's model, is not set"));
        return new EndpointSettings(base, model, key(source, prefix + "key", variable),
                Duration.ofSeconds(source.number(prefix + "connectTimeout", DEFAULT_CONNECT_SECONDS, 1, MAX_SECONDS)),
                Duration.ofSeconds(source.number(prefix + "timeout", DEFAULT_SECONDS, 1, MAX_SECONDS)),
                source.number(prefix + "attempts", DEFAULT_ATTEMPTS, 1, MAX_ATTEMPTS));
    }

    private static URI base(Source source, String property) throws IIOException {
        String text = source.property(property).orElseThrow(() -> new IIOException("property " + property + " is not set"));
        URI uri;
        try {
            uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        } catch (URISyntaxException e) {
            // Its message would quote what may hold a password.
            throw new IIOException("property " + property + " is no address");
        }
        boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!web || uri.getHost() == null) {
            throw new IIOException("property " + property + " is no address of a host by http or https");
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IIOException("property " + property + " has more than a host and a path: a key stands in the environment alone");
        }
        return uri;
    }

    private static Optional<ApiKey> key(Source source, String property, String variable) throws IIOException {
        Optional<String> named = source.property(property);
        String name = named.orElse(variable);
        String value = source.environment().apply(name);
        if (value == null && named.isPresent()) {
            throw new IIOException("property " + property + " names an environment variable that is not set");
        }
        return value == null ? Optional.empty() : Optional.of(ApiKey.of(value, named.isPresent() ? "that " + property + " names" : name));
    }

    /** The address of a name of the protocol, such as {@code chat/completions}. */
    URI address(String name) {
        return URI.create(base + "/" + name);
    }
}
