export { explore, type Answer, type Explored, type ExploreOptions, type ExploreSource } from "./explore.js";
