/**
 * Versions of the build backends that source archives use, so that the same archive gives the same wheel next month. uv gets
 * them as `--build-constraints`. They are upper bounds and not exact versions, since many projects allow only older backends
 * (such as `flit_core <4`), and old Pythons can't run the newest ones. uv takes the newest version that the project allows, up
 * to the bound. Older versions get no new releases any more.
 *
 * Backends that are not in the list are taken in their newest version: the ones for compiled code (maturin, scikit-build-core,
 * meson-python, Cython, cffi), whose wheels are refused anyway; uv-build, because projects fix its minor version themselves;
 * poetry in place of poetry-core; and whatever else a project's own build asks for. A project that asks for a newer backend than
 * the bound can't be built.
 */
export const BUILD_CONSTRAINTS = `\
setuptools<=80.9.0
wheel<=0.48.0
setuptools-scm<=10.3.4
vcs-versioning<=2.6.0
setuptools-git-versioning<=3.2.0
setuptools-declarative-requirements<=1.3.0
versioneer<=0.29
versioningit<=3.3.0
incremental<=24.11.0
pbr<=7.1.3
pytest-runner<=6.0.1
expandvars<=1.1.2
flit-core<=4.2.0
flit-scm<=1.7.0
hatchling<=1.33.0
hatch-vcs<=0.5.0
hatch-fancy-pypi-readme<=25.1.0
hatch-requirements-txt<=0.4.1
hatch-nodejs-version<=0.4.0
hatch-jupyter-builder<=0.10.0
hatch-regex-commit<=0.0.4
jupyter-packaging<=0.12.3
poetry-core<=2.5.0
poetry-dynamic-versioning<=1.10.1
pdm-backend<=2.5.0
pdm-pep517<=1.1.4
deprecation<=2.1.0
dunamai<=1.26.5
importlib-metadata<=8.7.1
jinja2<=3.1.6
markupsafe<=3.0.4
packaging<=26.3
pathspec<=1.1.1
pluggy<=1.7.0
tomli<=2.5.0
tomlkit<=0.15.2
trove-classifiers<=2026.9.21.13
typing-extensions<=4.16.0
zipp<=3.23.1
`;
