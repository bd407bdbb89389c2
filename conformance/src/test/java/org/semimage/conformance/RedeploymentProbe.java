// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import javax.imageio.ImageIO;
import java.io.File;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * A servlet container that starts and stops a web application with the plug-in in it, and then looks whether the application's class
 * loader is gone; for a process of its own. The application has TwelveMonkeys' context listener, as its documentation says.
 */
final class RedeploymentProbe {

    private static final String LISTENER = "com.twelvemonkeys.servlet.image.IIOProviderContextListener";

    private RedeploymentProbe() {
    }

    public static void main(String[] arguments) throws Exception {
        // As containers do (Tomcat's JreMemoryLeakPreventionListener): AWT keeps the class loader of whoever touches it first.
        ImageIO.getCacheDirectory();
        WeakReference<ClassLoader> application = runApplication(new File(arguments[0]), arguments[1].split(File.pathSeparator));
        for (int i = 0; i < 100 && application.get() != null; i++) {
            System.gc();
            Thread.sleep(50);
        }
        System.out.println(application.get() == null ? "collected" : "leaked");
        System.out.println("left: " + ImageIO.getImageReadersByFormatName("sem").hasNext());
    }

    private static WeakReference<ClassLoader> runApplication(File picture, String[] jars) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader container = thread.getContextClassLoader();
        try (URLClassLoader application = new URLClassLoader(urls(jars), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(application);
            Class<?> context = application.loadClass("jakarta.servlet.ServletContext");
            Object servletContext = Proxy.newProxyInstance(application, new Class<?>[] {context}, (proxy, method, values) -> null);
            Class<?> eventType = application.loadClass("jakarta.servlet.ServletContextEvent");
            Object event = eventType.getConstructor(context).newInstance(servletContext);
            Object listener = application.loadClass(LISTENER).getConstructor().newInstance();
            listener.getClass().getMethod("contextInitialized", eventType).invoke(listener, event);
            System.out.println("read " + ImageIO.read(picture).getWidth());
            listener.getClass().getMethod("contextDestroyed", eventType).invoke(listener, event);
            return new WeakReference<>(application);
        } finally {
            thread.setContextClassLoader(container);
        }
    }

    private static URL[] urls(String[] jars) throws MalformedURLException {
        URL[] urls = new URL[jars.length];
        for (int i = 0; i < jars.length; i++) {
            urls[i] = new File(jars[i]).toURI().toURL();
        }
        return urls;
    }
}
