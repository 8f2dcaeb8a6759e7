/**
 * Versions of the build backends that source archives ask for, so that the same archive gives the same wheel next month.
 * Handed to uv as `--build-constraints`; a backend that isn't named here is taken in its newest version.
 */
export const BUILD_CONSTRAINTS = `\
setuptools==80.9.0
wheel==0.48.0
flit-core==4.2.0
hatchling==1.33.0
hatch-vcs==0.5.0
hatch-fancy-pypi-readme==25.1.0
poetry-core==2.5.0
pdm-backend==2.5.0
setuptools-scm==10.3.4
vcs-versioning==2.6.0
versioneer==0.29
packaging==26.3
pathspec==1.1.1
pluggy==1.7.0
trove-classifiers==2026.9.21.13
pbr==7.1.3
`;
