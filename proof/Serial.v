(* The theorem on chains of circuits (Chain.v), for every number T of steps: depth, size, the depth
   of each step within the chain, and what is computed, on bits and on numbers. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Lists Gates Chain.
Import ListNotations.

(* ---- one step more ---- *)

(* The literals of moved outputs are the moved literals. *)
Lemma literals_moves f a os : literals (map (moves f a) os) = map (move f a) (literals os).
Proof.
  unfold literals. rewrite !map_map. simpl. rewrite <- (map_map (@snd Z _) (map (movew f a))).
  now rewrite <- concat_map, !map_map.
Qed.

(* What holds for the wires of all outputs holds for the literals that they consist of. *)
Lemma outs_literals P (os : list fsum) :
  Forall (fun s => Forall (fun w => P (snd (snd w))) (snd s)) os <->
  Forall (fun l => P (snd l)) (literals os).
Proof. unfold literals. now rewrite Forall_map, Forall_concat, Forall_map. Qed.

(* The sums with one step more. *)
Lemma sums_snoc f steps st : sums f (steps ++ [st]) = sums f steps + f (cell st).
Proof. unfold sums. rewrite map_app, list_sum_app. simpl. lia. Qed.

(* Moved gates have as many wires as they had. *)
Lemma wires_moveg f a gs : map (fun g => length (gargs g)) (map (moveg f a) gs) =
  map (fun g => length (gargs g)) gs.
Proof.
  rewrite map_map. apply map_ext. intros [l | l | ws t]; simpl; now rewrite !map_length.
Qed.

(* What is true of the gates and outputs w of the steps so far. *)
Record Inv (ni : nat) (steps : list step) (w : list fgate * list (list fsum)) : Prop := {
  i_order : ordered ni (fst w);
  i_outs : Forall (fun os => Forall (fun l => ref_ok ni (length (fst w)) (snd l)) (literals os))
    (snd w);
  i_width : map (fun os => length (literals os)) (snd w) = map (fun st => width (cell st)) steps;
  i_vals : forall x,
    map (fun os => map (lval x (run x (fst w))) (literals os)) (snd w) = play x steps;
  i_size : length (fst w) = sums size steps;
  i_wires : list_sum (map (fun g => length (gargs g)) (fst w)) = sums wires steps;
  i_depth : Forall (fun v => v <= sums depth steps) (levels (fst w)) }.

(* Legal steps are so without the last one, which reads what is there before it. *)
Lemma legal_snoc ni steps st : legal ni (steps ++ [st]) -> legal ni steps /\
  wf (cell st) /\ length (reads st) = inputs (cell st) /\
  Forall (source_ok ni steps (length steps)) (reads st).
Proof.
  assert (P : forall t r, t <= length steps ->
    source_ok ni (steps ++ [st]) t r -> source_ok ni steps t r).
  { intros t [b [i | s j]] T; simpl; auto. unfold source_ok; simpl. rewrite map_app.
    intros [S J]. rewrite app_nth1 in J by (rewrite map_length; lia). auto. }
  intro H. split.
  - intros t st' E. assert (T : t < length steps) by (apply nth_error_Some; congruence).
    destruct (H t st') as (W & A & S); [now rewrite nth_error_app1 |].
    repeat split; try apply W; auto. eapply Forall_impl; [| exact S]. intros r. apply P. lia.
  - destruct (H (length steps) st) as (W & A & S).
    + rewrite nth_error_app2, Nat.sub_diag; auto.
    + repeat split; try apply W; auto. eapply Forall_impl; [| exact S]. intros r. now apply P.
Qed.

(* What is fed may be read, and has the value that is heard. *)
Lemma fed_ok ni steps w r : Inv ni steps w -> source_ok ni steps (length steps) r ->
  ref_ok ni (length (fst w)) (snd (fed (snd w) r)) /\
  forall x, lval x (run x (fst w)) (fed (snd w) r) = heard x (play x steps) r.
Proof.
  intros I S. destruct r as [b [i | s j]]; unfold source_ok in S; simpl in S; [split; auto |].
  destruct S as [S J].
  assert (N : length (snd w) = length steps)
    by (pose proof (f_equal (@length _) (i_width _ _ _ I)) as E; now rewrite !map_length in E).
  rewrite <- (i_width _ _ _ I) in J.
  change 0 with ((fun os => length (literals os)) []) in J. rewrite map_nth in J.
  unfold fed, heard; simpl. split.
  - pose proof (i_outs _ _ _ I) as O. rewrite Forall_forall in O.
    assert (B : s < length (snd w)) by lia. specialize (O _ (nth_In _ [] B)).
    rewrite Forall_forall in O. apply O, nth_In, J.
  - intro x. rewrite lval_flip, <- (i_vals _ _ _ I). f_equal.
    change (@nil bool) with (map (lval x (run x (fst w))) (literals [])) at 1.
    rewrite (map_nth (fun os => map (lval x (run x (fst w))) (literals os))).
    rewrite (nth_indep _ false (lval x (run x (fst w)) (false, RIn 0)))
      by now rewrite map_length.
    now rewrite map_nth.
Qed.

(* The steps so far with one more, whose circuit stands behind a list of gates. *)
Section Step.
  Variables (ni : nat) (steps : list step) (w : list fgate * list (list fsum)) (st : step).
  Hypothesis I : Inv ni steps w.
  Hypothesis W : wf (cell st).
  Hypothesis A : length (reads st) = inputs (cell st).
  Hypothesis S : Forall (source_ok ni steps (length steps)) (reads st).

  (* Its feeding, and the values that come out of it. *)
  Local Notation f := (fun i => nth i (map (fed (snd w)) (reads st)) (false, RIn 0)).
  Local Notation y x := (input x (play x steps) st).

  (* A feeding may be read, and has the value that is heard. *)
  Lemma feeding i : i < inputs (cell st) -> ref_ok ni (length (fst w)) (snd (f i)) /\
    forall x, lval x (run x (fst w)) (f i) = y x i.
  Proof.
    intro H. rewrite <- A in H. rewrite Forall_forall in S.
    unfold input. rewrite (nth_indep _ _ (fed (snd w) (false, External 0)))
      by now rewrite map_length.
    rewrite map_nth. destruct (fed_ok _ _ _ _ I (S _ (nth_In _ (false, External 0) H))) as [R V].
    split; auto. intro x. rewrite (nth_indep _ false (heard x (play x steps) (false, External 0)))
      by now rewrite map_length.
    rewrite map_nth. apply V.
  Qed.

  (* The values of all gates. *)
  Lemma run_plug x : run x (fst (plug w st)) = run x (fst w) ++ run (y x) (gates (cell st)).
  Proof.
    unfold plug, run; simpl. rewrite fold_left_app.
    apply (run_move ni (inputs (cell st))); [apply feeding | apply run_length | | exact (proj1 W)].
    intros. now apply feeding.
  Qed.

  (* Literals that it may put out have the value that they have in its circuit alone. *)
  Lemma lval_plug x l : ref_ok (inputs (cell st)) (size (cell st)) (snd l) ->
    lval x (run x (fst (plug w st))) (move f (length (fst w)) l) =
    lval (y x) (run (y x) (gates (cell st))) l.
  Proof.
    intro H. rewrite run_plug. apply (lval_move ni (inputs (cell st))).
    - apply feeding.
    - apply run_length.
    - intros. now apply feeding.
    - now rewrite run_length.
  Qed.

  (* All holds with one step more. *)
  Lemma inv_plug : Inv ni (steps ++ [st]) (plug w st).
  Proof.
    pose proof (proj2 W) as O. apply outs_literals in O. constructor.
    - apply (ordered_move ni (inputs (cell st))); auto; [apply feeding | apply I | exact (proj1 W)].
    - simpl. rewrite app_length, map_length. apply Forall_app. split.
      + eapply Forall_impl; [| apply (i_outs _ _ _ I)]. intros os H.
        eapply Forall_impl; [| exact H]. intros l R. eapply ref_later; [exact R | lia].
      + constructor; [| constructor]. rewrite literals_moves. apply Forall_map.
        eapply Forall_impl; [| exact O]. intros l R.
        apply (move_ok ni (inputs (cell st))); [apply feeding | exact R].
    - simpl. rewrite !map_app, (i_width _ _ _ I). simpl. now rewrite literals_moves, map_length.
    - intro x. unfold play. rewrite fold_left_app. simpl. fold (play x steps).
      cbn [snd plug]. rewrite map_app. f_equal.
      + rewrite <- (i_vals _ _ _ I). apply map_ext_in. intros os Hos. apply map_ext_in.
        intros l Hl. rewrite run_plug. apply (lval_app ni). rewrite run_length.
        pose proof (i_outs _ _ _ I) as Q. rewrite Forall_forall in Q. specialize (Q _ Hos).
        rewrite Forall_forall in Q. now apply Q.
      + simpl. f_equal. rewrite literals_moves, map_map. unfold bits. apply map_ext_in.
        intros l Hl. apply lval_plug. rewrite Forall_forall in O. now apply O.
    - simpl. rewrite app_length, map_length, sums_snoc, (i_size _ _ _ I). reflexivity.
    - simpl. rewrite map_app, list_sum_app, wires_moveg, sums_snoc, (i_wires _ _ _ I). reflexivity.
    - rewrite sums_snoc. unfold levels, plug; simpl. rewrite fold_left_app.
      destruct (levels_move ni (inputs (cell st)) (length (fst w)) f
        (fun i H => proj1 (feeding i H)) (sums depth steps) (levels (fst w))
        (gates (cell st))) as (us & E & F);
        [apply levels_length | apply I | exact (proj1 W) |].
      unfold levels, lstep in *. rewrite E. apply Forall_app. split.
      + eapply Forall_impl; [| apply (i_depth _ _ _ I)]. intros; simpl in *. lia.
      + apply list_max_rel in F. apply list_max_le. unfold depth, levels in *. lia.
  Qed.
End Step.

(* All holds for a legal chain. *)
Lemma inv_build ni steps : legal ni steps -> Inv ni steps (build steps).
Proof.
  induction steps as [| st steps IH] using rev_ind; intro H.
  - constructor; try reflexivity; try constructor. intros k g E. destruct k; discriminate E.
  - apply legal_snoc in H. destruct H as (H & W & A & S).
    unfold build. rewrite fold_left_app. simpl. now apply inv_plug; [apply IH | | |].
Qed.

(* ---- the chain ---- *)

(* The gates of the steps so far stay in front. *)
Lemma plug_front post w : exists more, fst (fold_left plug post w) = fst w ++ more.
Proof.
  revert w. induction post as [| st post IH]; intro w; simpl; [exists []; now rewrite app_nil_r |].
  destruct (IH (plug w st)) as [more E]. rewrite E. simpl. rewrite <- app_assoc. eauto.
Qed.

(* The greatest of zeros and a list is that of the list. *)
Lemma list_max_zeros a l : list_max (repeat 0 a ++ l) = list_max l.
Proof. now induction a. Qed.

(* Legal steps are so without some last ones. *)
Lemma legal_app ni pre post : legal ni (pre ++ post) -> legal ni pre.
Proof.
  induction post as [| st post IH] using rev_ind; [now rewrite app_nil_r |].
  rewrite app_assoc. intro H. apply legal_snoc in H. now apply IH.
Qed.

(* A legal chain, of any length, is well formed. Its gates and wires are those of its steps, and its
   depth is at most the sum of theirs. Each step, measured with all before it on level 0, is just as
   deep as its circuit alone. The numbers it puts out are those of the last step, alone, on what it
   hears: input bits, and the bits that the steps before put out, each alone. *)
Theorem chain_ok ni steps : legal ni steps ->
  let c := chain ni steps in
  wf c /\ size c = sums size steps /\ wires c = sums wires steps /\
  depth c <= sums depth steps /\
  (forall t st, nth_error steps t = Some st ->
    part_depth c (start steps t) (start steps (S t)) = depth (cell st)) /\
  (forall pre st x, steps = pre ++ [st] ->
    eval c x = eval (cell st) (input x (play x pre) st)).
Proof.
  intros H c. pose proof (inv_build _ _ H) as I.
  split; [split |]; [apply I | |].
  - apply Forall_forall. intros s Hs. subst c. simpl in Hs.
    pose proof (i_outs _ _ _ I) as O. rewrite Forall_forall in O.
    assert (K : forall l : list (list fsum), In s (last l []) -> In (last l []) l).
    { induction l as [| a [| b l] IH]; simpl in *; auto. }
    specialize (O _ (K _ Hs)). apply outs_literals in O. rewrite Forall_forall in O. now apply O.
  - split; [apply I |]. split; [apply I |]. split; [apply list_max_le, I |]. split.
    + intros t st E. destruct (nth_error_split _ _ E) as (pre & post & -> & <-).
      assert (Hpre : legal ni (pre ++ [st]))
        by (apply (legal_app ni _ post); now rewrite <- app_assoc).
      apply legal_snoc in Hpre. destruct Hpre as (Hpre & W & A & R).
      pose proof (inv_build _ _ Hpre) as J.
      unfold start. rewrite firstn_app, Nat.sub_diag, firstn_all, app_nil_r.
      replace (firstn (S (length pre)) (pre ++ st :: post)) with (pre ++ [st])
        by (rewrite firstn_app, firstn_all2 by lia;
            now replace (S (length pre) - length pre) with 1 by lia).
      rewrite sums_snoc. unfold part_depth.
      replace (sums size pre + size (cell st) - sums size pre) with (size (cell st)) by lia.
      subst c. unfold chain, build. simpl. rewrite fold_left_app. simpl. fold (build pre).
      destruct (plug_front post (plug (build pre) st)) as [more ->]. simpl.
      rewrite <- (i_size _ _ _ J), <- app_assoc, skipn_app, skipn_all, Nat.sub_diag. simpl.
      rewrite firstn_app, map_length. unfold size. rewrite Nat.sub_diag, app_nil_r.
      rewrite firstn_all2 by now rewrite map_length.
      destruct (levels_move ni (inputs (cell st)) (length (fst (build pre)))
        (fun i => nth i (map (fed (snd (build pre))) (reads st)) (false, RIn 0))
        (fun i Hi => proj1 (feeding ni pre _ st J A R i Hi)) 0
        (repeat 0 (length (fst (build pre)))) (gates (cell st))) as (us & EL & F).
      * apply repeat_length.
      * apply Forall_forall. intros v V. apply repeat_spec in V. lia.
      * exact (proj1 W).
      * unfold lstep in EL. rewrite EL, list_max_zeros. apply list_max_rel in F.
        unfold depth. simpl in F. lia.
    + intros pre st x ->. apply legal_snoc in H. destruct H as (Hpre & W & A & R).
      pose proof (inv_build _ _ Hpre) as J.
      subst c. unfold eval, chain, build. rewrite fold_left_app. cbn [fold_left gates outs].
      fold (build pre). cbn [snd plug]. rewrite last_last, map_map. apply map_ext_in.
      intros s Hs. simpl. f_equal. symmetry. apply wsum_ext. intros q Hq. symmetry.
      apply (lval_plug ni pre); auto. pose proof (proj2 W) as O. rewrite Forall_forall in O.
      specialize (O _ Hs). rewrite Forall_forall in O. now apply O.
Qed.
Print Assumptions chain_ok.

(* ---- numbers ---- *)

(* The numbers that a circuit puts out are those that its output bits stand for. *)
Lemma eval_decode c x : eval c x = decode (outs c) (bits c x).
Proof.
  unfold eval, bits. generalize (lval x (run x (gates c))) as g. intro g.
  induction (outs c) as [| [b ws] os IH]; simpl; auto. f_equal.
  - f_equal. unfold literals. simpl. rewrite map_app, map_app. generalize (map g (map snd
      (concat (map snd os)))) as r. intro r. clear IH.
    induction ws as [| [w l] ws IW]; simpl; [now destruct r |]. now rewrite IW.
  - rewrite IH. f_equal. unfold literals. simpl. rewrite !map_app.
    rewrite skipn_app, !map_length, Nat.sub_diag, skipn_all2 by now rewrite !map_length.
    reflexivity.
Qed.

(* One step more, and one state more. *)
Lemma play_snoc x steps st :
  play x (steps ++ [st]) = play x steps ++ [bits (cell st) (input x (play x steps) st)].
Proof. unfold play. now rewrite fold_left_app. Qed.
Lemma states_snoc F T : states F (S T) = states F T ++ [F T (states F T)].
Proof. unfold states. now rewrite seq_S, fold_left_app. Qed.

(* Every step puts out bits. *)
Lemma play_length x steps : length (play x steps) = length steps.
Proof.
  induction steps using rev_ind; auto. rewrite play_snoc, !app_length. simpl. auto.
Qed.

(* The numbers of some steps and one more. *)
Lemma numbers_snoc steps st h v : length h = length steps ->
  numbers (steps ++ [st]) (h ++ [v]) = numbers steps h ++ [decode (outs (cell st)) v].
Proof.
  revert h. induction steps as [| a steps IH]; intros [| u h]; simpl; try easy.
  intro E. f_equal. apply IH. lia.
Qed.

(* The numbers of fewer steps. *)
Lemma numbers_app steps more h : length h <= length steps ->
  numbers (steps ++ more) h = numbers steps h.
Proof.
  revert h. induction steps as [| a steps IH]; intros [| u h]; simpl; try easy.
  - now destruct more.
  - intro E. f_equal. apply IH. lia.
Qed.

(* What is assumed of steps that compute functions F on numbers, for the input bits x: whenever
   bits h of the steps before are legal codes (a thermometer's, say), step t computes F t of the
   numbers that they stand for, and puts out a legal code itself. *)
Definition computes (steps : list step) (valid : nat -> list bool -> Prop)
    (F : nat -> list (list Z) -> list Z) (x : nat -> bool) : Prop :=
  forall t st h, nth_error steps t = Some st -> length h = t ->
    (forall s, s < t -> valid s (nth s h [])) ->
    eval (cell st) (input x h st) = F t (numbers steps h) /\
    valid t (bits (cell st) (input x h st)).

(* Then the numbers of all steps are the states of the serial computation. *)
Lemma play_states steps valid F x : computes steps valid F x ->
  numbers steps (play x steps) = states F (length steps) /\
  forall s, s < length steps -> valid s (nth s (play x steps) []).
Proof.
  induction steps as [| st steps IH] using rev_ind; intro C; [split; [reflexivity | simpl; lia] |].
  destruct IH as [N V].
  { intros t st' h E L H. assert (T : t < length steps) by (apply nth_error_Some; congruence).
    destruct (C t st' h) as [A B]; auto; [now rewrite nth_error_app1 |]. split; auto.
    rewrite A. f_equal. apply numbers_app. lia. }
  destruct (C (length steps) st (play x steps)) as [A B]; auto.
  { rewrite nth_error_app2, Nat.sub_diag; auto. }
  { apply play_length. }
  rewrite numbers_app in A by now rewrite play_length. rewrite N in A.
  rewrite play_snoc, app_length. simpl. rewrite Nat.add_1_r. split.
  - rewrite numbers_snoc by apply play_length.
    rewrite states_snoc, N, <- A, eval_decode. reflexivity.
  - intros s Hs. destruct (Nat.eq_dec s (length steps)) as [-> | D].
    + rewrite app_nth2; rewrite play_length; [| lia]. now rewrite Nat.sub_diag.
    + rewrite app_nth1; [apply V; lia |]. rewrite play_length. lia.
Qed.

(* A chain of T >= 1 steps that compute F computes the last of T states. *)
Theorem chain_states ni steps valid F x : legal ni steps -> computes steps valid F x ->
  steps <> [] -> eval (chain ni steps) x = last (states F (length steps)) [].
Proof.
  intros H C NE. destruct (exists_last NE) as (pre & st & ->).
  destruct (play_states _ _ _ _ C) as [N _].
  rewrite (proj2 (proj2 (proj2 (proj2 (proj2 (chain_ok _ _ H))))) pre st x eq_refl).
  rewrite <- N, play_snoc, numbers_snoc, last_last by apply play_length. apply eval_decode.
Qed.
Print Assumptions chain_states.
