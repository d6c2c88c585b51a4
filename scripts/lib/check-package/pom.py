"""What Maven Central demands of a POM."""
import xml.etree.ElementTree as ElementTree


def text(element, path):
    return (element.findtext("/".join("{*}" + part for part in path.split("/"))) or "").strip()


def inspect_pom(path, version):
    """https://central.sonatype.org/publish/requirements, and that nothing comes along."""
    pom = ElementTree.parse(path).getroot()
    for required in (
        "groupId artifactId name description url licenses/license/name licenses/license/url"
        " developers/developer/name scm/url scm/connection scm/developerConnection"
    ).split():
        if not text(pom, required):
            yield f"the POM has no {required}"
    if text(pom, "version") != version or version.endswith("-SNAPSHOT"):
        yield f"the POM's version is {text(pom, 'version')}"
    for element in ("repositories", "pluginRepositories", "parent"):
        if pom.find("{*}" + element) is not None:
            yield f"the POM has {element}"
    for dependency in pom.iterfind("{*}dependencies/{*}dependency"):
        yield f"the POM depends on {text(dependency, 'artifactId')}"
